-- Its place in the order is kept for the states of alerts.
SELECT 1
