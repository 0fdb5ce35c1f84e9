"""What case workers said and what is remembered of earlier payments: dispositions, repeats, stopped payments, lookback."""
