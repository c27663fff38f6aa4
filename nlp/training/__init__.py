"""How every generated table and weight that ships was made; nothing here runs in the service."""
