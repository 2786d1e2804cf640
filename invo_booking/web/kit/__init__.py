"""Parts that pages share: icons, fields, frames, words and times."""
