"""Where organisations leave policies, by system: files, the registry, preferences."""
