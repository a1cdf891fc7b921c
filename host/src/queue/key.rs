use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sparkq_store::RequestKey;

/// The key `id` of a request, bound to what it asks, so that both fronts know a request that is sent again, and
/// another one that has the same key by mistake.
pub(crate) fn request_key(id: &str, verb: &str, asked: &impl Serialize) -> RequestKey {
    let mut digest = Sha256::new();
    digest.update(verb.as_bytes());
    digest.update(serde_json::to_vec(asked).unwrap_or_default());
    let hex = digest
        .finalize()
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
    RequestKey {
        id: id.to_owned(),
        digest: hex,
    }
}
