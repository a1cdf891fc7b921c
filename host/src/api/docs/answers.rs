//! The errors that one address answers and the next does not, for the `responses` of its description.
//! What every address may answer is added to all of them, in `document`.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{Ref, RefOr, Response};

/// Every error status there is: what its answer is called, and when it is given.
pub(super) const ERRORS: &[(u16, &str, &str)] = &[
    (
        400,
        "Malformed",
        "The request cannot be read: a parameter, a header, the body or a value in it is not what it must be.",
    ),
    (
        401,
        "NoToken",
        "The server wants a token, and the request has none or another one, or a sign-in that has run out.",
    ),
    (
        403,
        "Foreign",
        "The request names another host, or comes from a web page of another origin.",
    ),
    (
        404,
        "Unknown",
        "Something that the request names is not there.",
    ),
    (
        405,
        "NoSuchMethod",
        "The address is there, but not for this method; the header `Allow` names those it has.",
    ),
    (
        409,
        "Conflict",
        "The request is understood, and how things stand does not allow it.",
    ),
    (
        413,
        "TooLarge",
        "The body, or something in it, is larger than its limit.",
    ),
    (415, "NotJson", "The body is of another kind than JSON."),
    (
        422,
        "Rejected",
        "A tool's schema or its plugin does not take the payload or the result; `fields` says where and why.",
    ),
    (
        500,
        "Fault",
        "SparkQ or a plugin made a mistake; the request was not judged.",
    ),
    (503, "Unavailable", "The server is shutting down."),
];

macro_rules! answers {
    ($($(#[$doc:meta])* $name:ident = $status:literal;)*) => {
        $(
            $(#[$doc])*
            pub(crate) struct $name;

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Response>> {
                    let error = RefOr::Ref(Ref::from_response_name(stringify!($name)));
                    BTreeMap::from([($status.to_string(), error)])
                }
            }
        )*
    };
}

/// 304: the client has it already.
pub(super) struct Unchanged;

impl IntoResponses for Unchanged {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let answer = Response::new("The `ETag` is still the one in `If-None-Match`.");
        BTreeMap::from([("304".to_owned(), RefOr::T(answer))])
    }
}

answers! {
    /// 404: it names a thing, in its address, its parameters or its body.
    Unknown = 404;
    /// 409: it depends on how things stand.
    Conflict = 409;
    /// 422: a tool looks at what it brings.
    Rejected = 422;
}
