"""Videos through a model: frames in, frames out, all else as it was."""
