//! The script index.
