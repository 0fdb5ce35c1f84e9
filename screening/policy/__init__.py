"""What counts as a hit and what is done with it: thresholds, actions, embargoes, and the file they come from."""
