"""Drop-in endpoints: other services' requests answered from ours, honestly mapped."""
