"""The cryptographic artefact: keys, certificates and revocation lists, seals on PDF files, time stamps, verdicts."""
