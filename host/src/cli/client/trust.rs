//! What is said where no encrypted connection came about, and what helps then. Whoever stands on the way can have it
//! fail, so nobody is ever told to go without encryption, but on this machine itself.

use std::env;
use std::fs;
use std::path::Path;

use ureq::tls::{PemItem, parse_pem};

use super::address::Address;

/// The environment's word for the file of whom to trust.
const VARIABLE: &str = "SSL_CERT_FILE";

/// What went wrong with the encryption of the way to `address`, by the words of rustls, and what helps; none where it
/// was something else.
pub(super) fn explained(address: &Address, error: &str) -> Option<(String, String)> {
    let named = env::var_os(VARIABLE).filter(|file| !file.is_empty());
    let unusable = named.and_then(|file| unusable(Path::new(&file)));
    explained_with(address, error, unusable)
}

fn explained_with(
    address: &Address,
    error: &str,
    unusable: Option<String>,
) -> Option<(String, String)> {
    let (url, argument, host) = (address.as_str(), address.argument, address.host());
    let error = error.strip_prefix("io: ").unwrap_or(error);
    let other_name = format!("name the server as its certificate does, with {argument}");
    let explained = if let Some(why) = error.split("invalid peer certificate: ").nth(1) {
        let what = format!("the certificate of {url} is not trusted: {why}");
        if why.contains("not valid for") && !why.contains("expired") && !why.contains("after") {
            (what, other_name)
        } else if why.contains("UnknownIssuer") || why.contains("CaUsedAsEndEntity") {
            let what = match &unusable {
                Some(unusable) => format!("{what}; {unusable}"),
                None => what,
            };
            (
                what,
                format!("name the file of who issued it: export {VARIABLE}=ca.pem"),
            )
        } else if why.contains("xpired")
            || why.contains("NotValidYet")
            || why.contains("not valid yet")
        {
            (
                what,
                "look at the clock of this machine, or have the certificate renewed there"
                    .to_owned(),
            )
        } else {
            (
                what,
                format!(
                    "have it replaced there; see it with openssl s_client -connect {host}:{}",
                    address.port()
                ),
            )
        }
    } else if error.contains("No CA certificates") {
        let what =
            unusable.unwrap_or_else(|| "no certificate of anybody to trust was found".to_owned());
        let what = format!("no encrypted connection to {url}: {what}");
        (
            what,
            format!("name the file of who issued its certificate: export {VARIABLE}=ca.pem"),
        )
    } else if error.contains("received fatal alert") {
        let what = format!(
            "no encrypted connection to {url}: {error}, as where the server has no certificate for the name {host}"
        );
        (what, other_name)
    } else if error.contains("InvalidContentType") || error.contains("received corrupt message") {
        let what = format!(
            "no encrypted connection to {url}: what answers there does not encrypt ({error})"
        );
        let hint = if address.is_loopback() {
            format!("{argument} may have to begin with http://")
        } else {
            format!("correct the host or port of {argument}")
        };
        (what, hint)
    } else {
        return None;
    };
    Some(explained)
}

/// Why nobody can be trusted by that file; none where it has a certificate.
fn unusable(file: &Path) -> Option<String> {
    let name = file.display();
    match fs::read(file) {
        Err(error) => Some(format!(
            "{VARIABLE} names {name}, which cannot be read: {error}"
        )),
        Ok(bytes) => {
            let mut items = parse_pem(&bytes);
            let is_there = items.any(|item| matches!(item, Ok(PemItem::Certificate(_))));
            (!is_there)
                .then(|| format!("{VARIABLE} names {name}, which has no certificate in PEM form"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(url: &str, error: &str) -> (String, String) {
        let address = Address::parse("--url", url).expect(url);
        explained_with(&address, error, None).expect("it is about encryption")
    }

    #[test]
    fn nobody_on_the_way_can_have_the_encryption_dropped() {
        for error in [
            "received fatal alert: InternalError",
            "received fatal alert: UnrecognizedName",
            "invalid peer certificate: UnknownIssuer",
            "received corrupt message of type InvalidContentType",
        ] {
            let (what, hint) = told("https://box.example:8443", error);
            assert!(!hint.contains("http://"), "{what}: {hint}");
        }
        let alert = told(
            "https://127.0.0.1:18443",
            "received fatal alert: InternalError",
        );
        insta::assert_snapshot!(alert.0, @"no encrypted connection to https://127.0.0.1:18443: received fatal alert: InternalError, as where the server has no certificate for the name 127.0.0.1");
        insta::assert_snapshot!(alert.1, @"name the server as its certificate does, with --url");
    }

    #[test]
    fn what_does_not_encrypt_on_this_machine_may_be_meant_without() {
        let plain = told(
            "https://localhost:8420",
            "received corrupt message of type InvalidContentType",
        );
        assert_eq!(plain.1, "--url may have to begin with http://");
    }

    #[test]
    fn a_certificate_for_another_name_is_told_from_one_of_a_stranger() {
        let other = told(
            "https://box",
            "invalid peer certificate: certificate not valid for name \"box\"; certificate is only valid for DnsName(\"queue.example.com\")",
        );
        assert!(other.0.contains("queue.example.com"), "{}", other.0);
        assert_eq!(
            other.1,
            "name the server as its certificate does, with --url"
        );
        let stranger = told("https://box", "invalid peer certificate: UnknownIssuer");
        assert!(
            stranger.1.contains("SSL_CERT_FILE=ca.pem"),
            "{}",
            stranger.1
        );
        let old = told(
            "https://box",
            "invalid peer certificate: certificate expired: verification time 1 (UNIX), but certificate is not valid after 2 (3 seconds ago)",
        );
        assert!(old.1.contains("clock"), "{}", old.1);
    }

    #[test]
    fn a_file_that_names_nobody_to_trust_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let away = unusable(&folder.path().join("ca.pem")).expect("it is not there");
        assert!(away.contains("cannot be read: No such file"), "{away}");
        let file = folder.path().join("ca.der");
        fs::write(&file, "no certificate").expect("written");
        let other = unusable(&file).expect("it is no PEM");
        assert!(other.ends_with("has no certificate in PEM form"), "{other}");
    }
}
