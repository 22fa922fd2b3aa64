//! Names of CAs: what a server sends when it asks for a certificate, and what its client was sent.

use super::SSL_CTX;
use crate::args::Str;
use crate::err;
use crate::guard::guard;
use crate::object::{Owned, lend};
use crate::ssl::SSL;
use crate::stack::{NAME_STACK, OPENSSL_STACK};
use crate::x509::{X509, X509_NAME};
use core::ffi::{c_int, c_void};

type Names = Vec<Owned<X509_NAME>>;

/// A list that holds references and stays with whoever lends it.
fn lent(names: &[Owned<X509_NAME>]) -> Owned<OPENSSL_STACK> {
    let items = names.iter().map(|name| name.clone().into_raw().cast());
    OPENSSL_STACK::owning(items.collect(), free)
}

unsafe extern "C" fn free(name: *mut c_void) {
    // SAFETY: an item of a list of ours, which holds a reference.
    drop(unsafe { Owned::<X509_NAME>::from_raw(name.cast()) });
}

/// The names of a list; `take`: with their references.
pub(crate) fn names_of(list: &OPENSSL_STACK, take: bool) -> Names {
    // SAFETY: a list of names: what its type says.
    let name = |item: *mut c_void| unsafe {
        match take {
            true => Owned::<X509_NAME>::from_raw(item.cast()),
            false => item.cast::<X509_NAME>().as_ref().map(Owned::again),
        }
    };
    list.items().into_iter().filter_map(name).collect()
}

/// The names that a server sends when it asks for a certificate. They must be subjects of certificates: what
/// `SSL_load_client_CA_file` and `X509_get_subject_name` give. The list goes to the context.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_set_client_CA_list(
    ctx: Option<&SSL_CTX>,
    names: Option<Owned<NAME_STACK>>,
) {
    guard((), || {
        let Some(ctx) = ctx else { return };
        ctx.settings().client_cas = names.as_ref().map(|names| names_of(names, true));
    });
}

/// As `SSL_CTX_set_client_CA_list`; for servers that make a context for each name.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_set_client_CA_list(
    ssl: Option<&SSL>,
    names: Option<Owned<NAME_STACK>>,
) {
    guard((), || {
        if let Some(ssl) = ssl {
            let names = names.as_ref().map(|names| names_of(names, true));
            ssl.change(|settings| settings.client_cas = names);
            ssl.has_own_authorities.set(true);
        }
    });
}

fn add(names: &mut Option<Names>, x509: &X509) {
    names.get_or_insert_default().push(x509.subject().clone());
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_add_client_CA(
    ctx: Option<&SSL_CTX>,
    x509: Option<&X509>,
) -> c_int {
    guard(0, || {
        let Some((ctx, x509)) = ctx.zip(x509) else {
            return 0;
        };
        add(&mut ctx.settings().client_cas, x509);
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_add_client_CA(ssl: Option<&SSL>, x509: Option<&X509>) -> c_int {
    guard(0, || {
        let Some((ssl, x509)) = ssl.zip(x509) else {
            return 0;
        };
        if !ssl.has_own_authorities.replace(true) {
            // The first one begins a list of the SSL's own.
            ssl.change(|settings| settings.client_cas = None);
        }
        ssl.change(|settings| add(&mut settings.client_cas, x509));
        1
    })
}

/// What `SSL_CTX_set_client_CA_list` has set; the list belongs to the context.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_CTX_get_client_CA_list(ctx: Option<&SSL_CTX>) -> *mut NAME_STACK {
    guard(core::ptr::null_mut(), || {
        let names = ctx.map(|ctx| (ctx, ctx.settings().client_cas.clone().unwrap_or_default()));
        names.map_or(core::ptr::null_mut(), |(ctx, names)| {
            lend(Some(&ctx.keep_list(lent(&names))))
        })
    })
}

/// On a server what it sends; on a client, once the server has asked for a certificate, the names that the server sent. The
/// list belongs to the SSL.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_get_client_CA_list(ssl: Option<&SSL>) -> *mut NAME_STACK {
    guard(core::ptr::null_mut(), || {
        let names = |ssl: &SSL| match ssl.is_client() {
            true => ssl.sent_authorities(),
            false => Some(ssl.client_cas()),
        };
        let found = ssl.and_then(|ssl| Some((ssl, names(ssl)?)));
        found.map_or(core::ptr::null_mut(), |(ssl, names)| {
            ssl.keep_list(lent(&names))
        })
    })
}

/// The subjects of the certificates in a PEM file that are not in `known`; `None`, with an error in the queue, where it has
/// no certificate.
fn subjects(file: Str<'_>, known: &[Owned<X509_NAME>]) -> Option<Names> {
    let bio = crate::bio::sources::tlscore_BIO_new_file(file, Str::READ)?;
    let (mut names, mut any): (Names, bool) = (Vec::new(), false);
    let marked = err::mark();
    while let Some(x509) = crate::pem::certificate(&bio) {
        any = true;
        let same = |name: &&Owned<X509_NAME>| name.der() == x509.subject().der();
        if names.iter().chain(known).find(same).is_none() {
            names.push(x509.subject().clone());
        }
    }
    if !any {
        return None;
    }
    // The end of the file is no error.
    if marked {
        err::pop_to_mark();
    } else {
        err::clear();
    }
    Some(names)
}

fn given(names: Names) -> Owned<OPENSSL_STACK> {
    OPENSSL_STACK::new(
        names
            .into_iter()
            .map(|name| name.into_raw().cast())
            .collect(),
    )
}

/// The subjects of the certificates in a PEM file.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_load_client_CA_file(file: Str<'_>) -> Option<Owned<NAME_STACK>> {
    guard(None, || subjects(file, &[]).map(given))
}

/// Adds to a list the subjects of the certificates in a PEM file that are not in it.
#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_add_file_cert_subjects_to_stack(
    list: Option<&NAME_STACK>,
    file: Str<'_>,
) -> c_int {
    guard(0, || {
        let found = list.and_then(|list| Some((list, subjects(file, &names_of(list, false))?)));
        let Some((list, names)) = found else {
            return 0;
        };
        for name in names {
            list.push(name.into_raw().cast());
        }
        1
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn tlscore_SSL_dup_CA_list(names: Option<&NAME_STACK>) -> Option<Owned<NAME_STACK>> {
    guard(None, || Some(given(names_of(names?, false))))
}
