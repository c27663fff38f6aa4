"""Posts in Elasticsearch. No facade: importing the client takes half a second."""
