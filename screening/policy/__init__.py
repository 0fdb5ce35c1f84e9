"""What counts as a hit and what is done with it: rules, embargoes, and the file they come from."""
