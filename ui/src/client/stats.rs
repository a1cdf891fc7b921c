//! What happened over time.
