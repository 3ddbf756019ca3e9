"""The journey from a stolen key or a role found wrong to the certificates touched and their parties."""
