//! Takes JSON apart, and keeps how numbers are spelled.

use super::Json;

/// Reads a text that is known to be JSON.
pub(super) struct Reader<'a>(pub(super) &'a str);

impl<'a> Reader<'a> {
    /// The value that comes next.
    pub(super) fn value(&mut self) -> Option<Json> {
        match self.peek()? {
            '{' => self.object(),
            '[' => self.list(),
            '"' => self.string().map(Json::Text),
            _ => {
                let word = self.word();
                Some(match word {
                    "null" => Json::Null,
                    "true" | "false" => Json::Bool(word == "true"),
                    number => Json::Number(number.to_owned()),
                })
            }
        }
    }

    fn object(&mut self) -> Option<Json> {
        let mut fields = Vec::new();
        self.take(1);
        while self.peek()? != '}' {
            let key = self.string()?;
            self.pass(':');
            fields.push((key, self.value()?));
            self.pass(',');
        }
        self.take(1);
        Some(Json::Object(fields))
    }

    fn list(&mut self) -> Option<Json> {
        let mut items = Vec::new();
        self.take(1);
        while self.peek()? != ']' {
            items.push(self.value()?);
            self.pass(',');
        }
        self.take(1);
        Some(Json::List(items))
    }

    fn string(&mut self) -> Option<String> {
        self.peek();
        let mut escaped = true;
        let end = self.0.find(|letter| {
            let ends = letter == '"' && !escaped;
            escaped = letter == '\\' && !escaped;
            ends
        })?;
        serde_json::from_str(self.take(end + 1)).ok()
    }

    fn word(&mut self) -> &'a str {
        let end = self
            .0
            .find(|letter: char| matches!(letter, ',' | ']' | '}') || letter.is_whitespace());
        self.take(end.unwrap_or(self.0.len()))
    }

    fn pass(&mut self, sign: char) {
        if self.peek() == Some(sign) {
            self.take(1);
        }
    }

    fn peek(&mut self) -> Option<char> {
        self.0 = self.0.trim_start();
        self.0.chars().next()
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.0.split_at(bytes);
        self.0 = rest;
        taken
    }
}
