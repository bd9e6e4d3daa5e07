"""Claims about dondoc, each on real parts."""
