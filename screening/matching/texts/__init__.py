"""What a text says besides its words one by one."""
