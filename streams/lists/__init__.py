"""From a list file to the designations topic, and what stands there."""
