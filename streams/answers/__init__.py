"""The gate behind screening: each payment released or stopped by its decision, and its rail answered."""
