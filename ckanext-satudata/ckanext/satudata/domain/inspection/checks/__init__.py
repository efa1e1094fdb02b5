"""The checks, one file each: code, principle, severity, what is wrong and how to mend it."""
