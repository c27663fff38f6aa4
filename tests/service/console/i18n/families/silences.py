"""Words of the silences' pages whose keys code makes up."""

FAMILIES = {
    "silences.states": {"standing", "coming", "over"},
    "silences.filter": {"standing", "over"},
}
