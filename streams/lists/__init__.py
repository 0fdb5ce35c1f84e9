"""From a list file to the designations topic, and what the topic holds."""
