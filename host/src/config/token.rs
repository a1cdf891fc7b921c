//! The key to the server's door.

use std::env;
use std::fmt;
use std::fs::OpenOptions;
use std::hint::black_box;
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sparkq_core::{Code, Refusal};

use super::{Project, word};

/// The environment's word for it.
const VARIABLE: &str = "SPARKQ_TOKEN";

/// The fewest characters of a token: all shorter ones could be tried in the end.
const SHORTEST: usize = 16;

/// The most bytes that are read of a token's file: more than any token needs, less than a header may have.
const LONGEST: usize = 1024;

/// The command that makes a token.
const MAKE: &str = "head -c 24 /dev/urandom | base64";

/// A text that opens the door. Never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Token(Box<str>);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// The token of `project`: `SPARKQ_TOKEN`, else what stands in `[server] token_file`.
    /// A server that others can reach must have one.
    pub(crate) fn of(project: &Project) -> Result<Option<Self>, Refusal> {
        if let Some(token) = Self::given()? {
            return Ok(Some(token));
        }
        let server = &project.config.server;
        if let Some(file) = &server.token_file {
            let path = project.root().join(file);
            return Self::read(&path).map(Some).map_err(|(why, hint)| {
                let what = format!("[server] token_file: {} {why}", path.display());
                project.invalid("server.token_file", &what, hint)
            });
        }
        if server.address().is_loopback() {
            return Ok(None);
        }
        let what = format!(
            "[server] host: others can reach `{}`, so the server needs a token",
            server.host
        );
        let hint = format!(
            "make one: export {VARIABLE}=$({MAKE}), or name a file with [server] token_file"
        );
        Err(project.invalid("server.host", &what, hint))
    }

    /// The token that `SPARKQ_TOKEN` has, if it is set.
    pub(crate) fn given() -> Result<Option<Self>, Refusal> {
        let given = env::var_os(VARIABLE).filter(|text| !text.is_empty());
        let parse = |text: std::ffi::OsString| {
            let why = |why| {
                let make = format!("make one where the server runs: export {VARIABLE}=$({MAKE})");
                refusal(format!("{VARIABLE} {why}"), make)
            };
            Self::parse(&text.to_string_lossy()).map_err(why)
        };
        given.map(parse).transpose()
    }

    /// The token as it is sent.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `given` is this token. How long it takes tells nothing but the length.
    pub(crate) fn is(&self, given: &[u8]) -> bool {
        let own = self.0.as_bytes();
        let differences = own.iter().zip(given).fold(0, |all, (a, b)| all | (a ^ b));
        own.len() == given.len() && black_box(differences) == 0
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("is blank, and that opens no door");
        }
        if text.len() > LONGEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("is no token: at most 1024 visible ASCII characters without spaces");
        }
        if text.len() < SHORTEST {
            return Err("is too easily guessed: a token has at least 16 characters");
        }
        Ok(Self(text.into()))
    }

    /// Reads a file that nobody but the user can read. An error says why not, and what helps.
    fn read(path: &Path) -> Result<Self, (String, String)> {
        let no_hint = |why: String| (why, String::new());
        // Without waiting, should it be a pipe.
        let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
        let file = opened.map_err(|error| no_hint(format!("cannot be read: {error}")))?;
        let about = file
            .metadata()
            .map_err(|error| no_hint(format!("cannot be read: {error}")))?;
        if !about.is_file() {
            return Err(no_hint("is no file".to_owned()));
        }
        if about.uid() != rustix::process::geteuid().as_raw() {
            return Err((
                "belongs to another user".to_owned(),
                format!("sudo chown \"$USER\" {}", word(&path.to_string_lossy())),
            ));
        }
        let mode = about.mode() & 0o7777;
        if mode != 0o600 {
            return Err((
                format!("has mode {mode:04o}, and a token is for its owner alone: 0600"),
                format!("chmod 600 {}", word(&path.to_string_lossy())),
            ));
        }
        let mut text = String::new();
        let most = u64::try_from(LONGEST + 2).unwrap_or(u64::MAX);
        file.take(most)
            .read_to_string(&mut text)
            .map_err(|error| no_hint(format!("cannot be read: {error}")))?;
        Self::parse(&text).map_err(|why| {
            let path = word(&path.to_string_lossy());
            (why.to_owned(), format!("make one: {MAKE} > {path}"))
        })
    }
}

fn refusal(message: String, hint: String) -> Refusal {
    Refusal::Project {
        code: Code::ConfigInvalid,
        message,
        hint,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn written(text: &str, mode: u32) -> Result<Token, (String, String)> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("token");
        fs::write(&path, text).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
        Token::read(&path)
    }

    #[test]
    fn a_token_stands_in_a_file_that_its_owner_alone_can_read() {
        assert_eq!(
            written("open-sesame-open\n", 0o600)
                .expect("a token")
                .as_str(),
            "open-sesame-open"
        );
        for mode in [0o644, 0o640, 0o700, 0o606] {
            let (why, hint) = written("secret", mode).expect_err("too open");
            assert!(why.contains("for its owner alone: 0600"), "{why}");
            assert!(hint.starts_with("chmod 600 /"), "{hint}");
        }
    }

    #[test]
    fn a_token_that_is_blank_short_or_more_than_a_header_can_carry_is_refused() {
        assert!(
            written(" \n", 0o600)
                .expect_err("blank")
                .0
                .contains("is blank")
        );
        for text in ["two words", "zoë", &"x".repeat(1025)] {
            assert!(
                written(text, 0o600)
                    .expect_err(text)
                    .0
                    .contains("is no token")
            );
        }
        let (why, hint) = written("open-sesame-ope\n", 0o600).expect_err("too short");
        assert!(why.contains("at least 16 characters"), "{why}");
        assert!(hint.starts_with("make one: head -c 24 "), "{hint}");
        assert!(
            Token::read(Path::new("/"))
                .expect_err("a folder")
                .0
                .contains("is no file")
        );
    }

    #[test]
    fn only_the_whole_token_opens_and_it_is_never_shown() {
        let token = Token::parse("open-sesame-open").expect("a token");
        assert!(token.is(b"open-sesame-open"));
        for other in [
            "",
            "open-sesame-ope",
            "open-sesame-open2",
            "OPEN-SESAME-OPEN",
            "xpen-sesame-open",
        ] {
            assert!(!token.is(other.as_bytes()), "{other}");
        }
        assert_eq!(format!("{token:?}"), "Token(…)");
    }
}
