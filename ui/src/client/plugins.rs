//! Plugins, and what is configured.
