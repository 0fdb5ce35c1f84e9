"""A real schema registry: Apicurio from Maven Central, as a process of this machine."""
