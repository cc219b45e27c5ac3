"""The dashboards in a browser without Grafana, drawn from the same generated JSON.

generated/*.json ──▶ catalogue ──▶ app ◀──▶ static/ in the browser
                                   │  │
                           macros ─┘  └─ source: runs SQL, read-only; whoever starts the preview brings it
"""
