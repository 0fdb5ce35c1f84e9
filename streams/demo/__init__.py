"""`interdict demo`: a broker, a worker, payments, and the designations of 16 August 2023 taking effect."""
