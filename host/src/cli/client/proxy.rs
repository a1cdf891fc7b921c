//! The proxy that the environment names for an address, by the rules of curl: ureq's own leave a proxy out that they do
//! not understand, and `no_proxy=example.com` does not mean `queue.example.com` to them.

use std::env;
use std::net::IpAddr;

use sparkq_core::{Code, Refusal};
use ureq::{Proxy, ProxyProtocol};

use super::address::Address;

/// The proxy on the way to `address`; none where the way is direct.
pub(super) fn before(address: &Address) -> Result<Option<Proxy>, Refusal> {
    chosen(address, |name| {
        env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    })
}

fn chosen(
    address: &Address,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<Proxy>, Refusal> {
    if address.is_loopback() {
        return Ok(None);
    }
    let given = |name: &'static str| {
        let value = variable(name)?.trim().to_owned();
        (!value.is_empty()).then_some((name, value))
    };
    let names = if address.is_secure() {
        ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    } else {
        ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]
    };
    let Some((name, value)) = names.into_iter().find_map(given) else {
        return Ok(None);
    };
    let excepted = ["no_proxy", "NO_PROXY"].into_iter().find_map(given);
    if excepted.is_some_and(|(_, hosts)| hosts.split(',').any(|part| covers(part, address))) {
        return Ok(None);
    }
    let proxy = Proxy::new(&value).ok();
    let speaks_http =
        |proxy: &Proxy| matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https);
    // The value may hold a password, so it is not repeated.
    proxy
        .filter(speaks_http)
        .map(Some)
        .ok_or_else(|| Refusal::Project {
            code: Code::InvalidValue,
            message: format!(
                "{name} names no proxy that SparkQ can use: one that takes http:// or https://"
            ),
            hint: format!(
                "export {name}=http://proxy:3128, or go without for this host: export no_proxy={}",
                address.host()
            ),
        })
}

/// Whether a part of `no_proxy` means the host of `address`: a name means all names below it too, and a network all
/// addresses in it.
fn covers(part: &str, address: &Address) -> bool {
    let part = part.trim().to_ascii_lowercase();
    let host = address.host().to_ascii_lowercase();
    if part == "*" {
        return true;
    }
    if let Ok(ip) = host.parse::<IpAddr>() {
        let (network, bits) = part.split_once('/').unwrap_or((&part, ""));
        let network = network.trim_matches(['[', ']']).parse::<IpAddr>();
        return network.is_ok_and(|network| match bits {
            "" => network == ip,
            bits => bits.parse().is_ok_and(|bits| is_in(ip, network, bits)),
        });
    }
    let name = part.trim_start_matches('*').trim_matches('.');
    let host = host.trim_end_matches('.');
    let below = host
        .strip_suffix(name)
        .is_some_and(|rest| rest.ends_with('.'));
    !name.is_empty() && (host == name || below)
}

/// Whether the first `bits` of both are the same.
fn is_in(ip: IpAddr, network: IpAddr, bits: u32) -> bool {
    match (ip, network) {
        (IpAddr::V4(ip), IpAddr::V4(network)) => {
            let differences = u32::from(ip) ^ u32::from(network);
            bits <= 32 && differences.leading_zeros() >= bits
        }
        (IpAddr::V6(ip), IpAddr::V6(network)) => {
            let differences = u128::from(ip) ^ u128::from(network);
            bits <= 128 && differences.leading_zeros() >= bits
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(url: &str, variables: &[(&str, &str)]) -> Result<Option<String>, Refusal> {
        let address = Address::parse("--url", url).expect(url);
        let variable = |name: &str| {
            let set = variables.iter().find(|(other, _)| *other == name);
            set.map(|(_, value)| (*value).to_owned())
        };
        let chosen = chosen(&address, variable)?;
        Ok(chosen.map(|proxy| proxy.uri().to_string()))
    }

    #[test]
    fn a_name_that_needs_no_proxy_means_all_names_below_it() {
        let proxied = |host: &str, excepted: &str| {
            let url = format!("https://{host}:8420/x");
            let variables = [("https_proxy", "http://proxy:3128"), ("no_proxy", excepted)];
            proxy(&url, &variables).expect("a proxy").is_some()
        };
        for (host, excepted) in [
            ("queue.example.com", "example.com"),
            ("queue.example.com", "other, EXAMPLE.com"),
            ("queue.example.com", ".example.com"),
            ("queue.example.com", "*.example.com"),
            ("Example.com", "example.com"),
            ("queue.example.com", "*"),
            ("10.1.2.3", "10.1.2.3"),
            ("10.1.2.3", "10.0.0.0/8"),
            ("[fd00::1]", "fd00::/8"),
        ] {
            assert!(!proxied(host, excepted), "{host}, {excepted}");
        }
        for (host, excepted) in [
            ("badexample.com", "example.com"),
            ("example.com.evil", "example.com"),
            ("example.com", ""),
            ("example.com", ","),
            ("11.1.2.3", "10.0.0.0/8"),
            ("10.1.2.3", "10.0.0.0/99"),
        ] {
            assert!(proxied(host, excepted), "{host}, {excepted}");
        }
    }

    #[test]
    fn each_scheme_has_its_variable_and_loopback_needs_none() {
        let both = [("http_proxy", "plain:1"), ("HTTPS_PROXY", "http://tls:2")];
        let chosen = |url| proxy(url, &both).expect("understood");
        assert_eq!(chosen("http://box").as_deref(), Some("http://plain:1/"));
        assert_eq!(chosen("https://box").as_deref(), Some("http://tls:2/"));
        assert_eq!(chosen("http://127.0.0.1:1"), None);
        let all = [("all_proxy", "http://any:3")];
        assert!(proxy("https://box", &all).expect("understood").is_some());
    }

    #[test]
    fn a_proxy_that_is_not_understood_is_refused_by_the_variables_name_and_not_repeated() {
        for value in [
            "socks5://me:secret@proxy:1",
            "ftp://secret",
            "se cret",
            "http://",
        ] {
            let refused = proxy("http://box", &[("http_proxy", value)]).expect_err(value);
            let told = format!("{refused} {:?}", refused.hint());
            assert!(
                told.starts_with("http_proxy ") && !told.contains("secret"),
                "{told}"
            );
        }
    }
}
