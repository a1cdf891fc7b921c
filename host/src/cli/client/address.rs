//! The address of a server on another machine, as it was typed.

use std::env;
use std::net::IpAddr;

use sparkq_core::Refusal;
use ureq::http::Uri;

/// The environment's word for it.
pub(in crate::cli) const VARIABLE: &str = "SPARKQ_URL";

/// The address of a server, without a slash at its end.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Address {
    text: String,
    /// What it was given with: `--url` or the environment's word.
    pub(in crate::cli) argument: &'static str,
    secure: bool,
    host: String,
}

impl Address {
    /// The address in the environment, if one is set.
    pub(in crate::cli) fn in_environment() -> Result<Option<Self>, Refusal> {
        let given = env::var_os(VARIABLE).filter(|text| !text.is_empty());
        given
            .map(|text| Self::parse(VARIABLE, &text.to_string_lossy()))
            .transpose()
    }

    /// Reads the address that `argument` has: http or https, a host, and a path where the server is behind one.
    pub(in crate::cli) fn parse(argument: &'static str, given: &str) -> Result<Self, Refusal> {
        let refuse = |why: &str| Err(Refusal::invalid(argument, without_secret(given), why));
        let text = given.trim().trim_end_matches('/');
        let Some((scheme, rest)) = text.split_once("://") else {
            return refuse(
                "no address of a server: it begins with http:// or https://, as http://127.0.0.1:8420",
            );
        };
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "http" => false,
            "https" => true,
            _ => {
                return refuse(
                    "no address of a server: it begins with http:// or https://, as http://127.0.0.1:8420",
                );
            }
        };
        if rest.contains(['?', '#']) {
            return refuse("more than the address of a server: leave out what follows ? or #");
        }
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.contains('@') {
            return refuse(
                "not taken with a name or password in it; the server's token goes into SPARKQ_TOKEN",
            );
        }
        let Ok(uri) = text.parse::<Uri>() else {
            return refuse("no address of a server, as http://127.0.0.1:8420");
        };
        let host = uri.host().unwrap_or_default();
        let port = authority.strip_prefix(host).unwrap_or_default();
        if host.is_empty() || (!port.is_empty() && uri.port_u16().is_none_or(|port| port == 0)) {
            return refuse("no address of a server, as http://127.0.0.1:8420");
        }
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            text: text.to_owned(),
            argument,
            secure,
        })
    }

    /// The address as it is sent to.
    pub(in crate::cli) fn as_str(&self) -> &str {
        &self.text
    }

    /// The host, without the brackets of an address of IPv6.
    pub(in crate::cli) fn host(&self) -> &str {
        &self.host
    }

    /// The port that is connected to.
    pub(in crate::cli) fn port(&self) -> u16 {
        let usual = if self.secure { 443 } else { 80 };
        let uri = self.text.parse::<Uri>();
        uri.ok().and_then(|uri| uri.port_u16()).unwrap_or(usual)
    }

    /// Whether it is on the same host as another one.
    pub(in crate::cli) fn is_at(&self, other: &Self) -> bool {
        self.host.eq_ignore_ascii_case(&other.host)
    }

    /// Whether it is this machine itself.
    pub(in crate::cli) fn is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Whether what is sent there is encrypted.
    pub(in crate::cli) fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether others can read what is sent there.
    pub(in crate::cli) fn is_open(&self) -> bool {
        !self.secure && !self.is_loopback()
    }
}

/// The text without what may be a password in it.
fn without_secret(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let end = rest.find('/').unwrap_or(rest.len());
    let Some(at) = rest[..end].rfind('@') else {
        return text.to_owned();
    };
    let slashes = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{slashes}…{}", &rest[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Address::parse("--url", text).expect_err(text).to_string()
    }

    #[test]
    fn an_address_is_kept_without_the_slash_at_its_end() {
        for (given, kept) in [
            ("http://127.0.0.1:8420", "http://127.0.0.1:8420"),
            ("https://box.example/", "https://box.example"),
            (
                " https://box.example/sparkq/ ",
                "https://box.example/sparkq",
            ),
            ("http://[::1]:8420", "http://[::1]:8420"),
        ] {
            assert_eq!(Address::parse("--url", given).expect(given).as_str(), kept);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_by_name() {
        for text in [
            "",
            "box",
            "box:8420",
            "ftp://box",
            "http://",
            "http:///x",
            "http://bo x",
            "http://box:0",
            "http://box:99999",
            "http://box:x",
            "http://box/?q",
            "http://box/#x",
        ] {
            assert!(refused(text).starts_with("--url: `"), "{}", refused(text));
        }
    }

    #[test]
    fn a_password_is_refused_and_not_repeated() {
        for text in ["http://me:secret@box/x", "http://secret@box"] {
            let told = refused(text);
            assert!(
                told.contains("SPARKQ_TOKEN") && !told.contains("secret"),
                "{told}"
            );
        }
    }

    #[test]
    fn only_what_leaves_the_machine_in_the_clear_is_open() {
        for (text, open) in [
            ("http://box", true),
            ("https://box", false),
            ("http://127.0.0.2:1", false),
            ("http://[::1]", false),
            ("http://LOCALHOST:1", false),
            ("http://10.0.0.1", true),
        ] {
            assert_eq!(
                Address::parse("--url", text).expect(text).is_open(),
                open,
                "{text}"
            );
        }
    }
}
