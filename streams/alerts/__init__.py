"""Alerts on rising broadcast-only behaviour: pure functions of a brand's daily counts.

    days.py                        the counts of a day
    gaps.py                        days on which a feed was lost
    windows.py                     what is held against what
    overdispersion.py, shares.py, trend.py, intervals.py
                                   the formulas, each with its source
    step.py, drift.py, answering.py, push.py, level.py
                                   AL1 to AL5: one day's reading
    state.py                       from readings to states: hysteresis, held, stale
    course.py                      the fold over all days of a brand
    ledger.py                      what of it is new, as rows
    evaluation.py                  read, fold, write, publish: the shell around all that

What an alert says after a day is a function of the counts up to that day, as they are stored now.
"""
