//! What the pipeline library that this grew from, and its peers of today, get wrong.

mod circuits;
mod library;
mod places;
mod scene;
