-- Its place in the order is kept for the history of alerts.
SELECT 1
