"""The older page of settings of one provider."""
