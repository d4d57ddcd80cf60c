//! Step through async bugs until they cannot happen.
#![deny(unsafe_code)]
