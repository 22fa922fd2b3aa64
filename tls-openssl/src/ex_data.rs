//! Data of the program's own on objects (`X_set_ex_data`), by numbers that it asks for.

use core::ffi::{c_int, c_long, c_void};
use std::sync::{Mutex, PoisonError};

/// Called for each number when an object is made; OpenSSL's CRYPTO_EX_new. `ad` is NULL here: the structure of
/// OpenSSL behind it has no counterpart.
pub(crate) type NewFn =
    unsafe extern "C" fn(*mut c_void, *mut c_void, *mut c_void, c_int, c_long, *mut c_void);
/// Called for each number when an object goes.
pub(crate) type FreeFn = NewFn;
/// Called where OpenSSL copies an object, which never happens here.
pub(crate) type DupFn = unsafe extern "C" fn(
    *mut c_void,
    *const c_void,
    *mut *mut c_void,
    c_int,
    c_long,
    *mut c_void,
) -> c_int;

/// Kinds of objects, by CRYPTO_EX_INDEX_*.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Ssl = 0,
    SslCtx = 1,
    SslSession = 2,
    X509 = 3,
    X509Store = 4,
    X509StoreCtx = 5,
    Bio = 12,
}

impl Class {
    /// Class by its number.
    pub(crate) fn of(number: c_int) -> Option<Self> {
        let all = [
            Self::Ssl,
            Self::SslCtx,
            Self::SslSession,
            Self::X509,
            Self::X509Store,
            Self::X509StoreCtx,
            Self::Bio,
        ];
        all.into_iter().find(|class| *class as c_int == number)
    }
}

#[derive(Clone, Copy)]
struct Number {
    class: Class,
    index: c_int,
    argl: c_long,
    argp: *mut c_void,
    new: Option<NewFn>,
    free: Option<FreeFn>,
}

// SAFETY: the argument is the program's and only handed back to it, from any thread: what OpenSSL does.
unsafe impl Send for Number {}

static NUMBERS: Mutex<Vec<Number>> = Mutex::new(Vec::new());

/// A number for one more datum on objects of this class. Number 0 of each class is for `X_set_app_data`.
pub(crate) fn next_number(
    class: Class,
    argl: c_long,
    argp: *mut c_void,
    new: Option<NewFn>,
    free: Option<FreeFn>,
) -> c_int {
    let mut numbers = NUMBERS.lock().unwrap_or_else(PoisonError::into_inner);
    let used = numbers
        .iter()
        .filter(|number| number.class == class)
        .count();
    let index = crate::args::count(used + 1);
    numbers.push(Number {
        class,
        index,
        argl,
        argp,
        new,
        free,
    });
    index
}

fn numbers(class: Class) -> Vec<Number> {
    let numbers = NUMBERS.lock().unwrap_or_else(PoisonError::into_inner);
    numbers
        .iter()
        .filter(|number| number.class == class)
        .copied()
        .collect()
}

/// The data of one object.
#[derive(Default)]
pub(crate) struct ExData(Mutex<Vec<*mut c_void>>);

/// More numbers than any program asks for.
const MOST: usize = 4096;

impl ExData {
    pub(crate) fn set(&self, index: c_int, value: *mut c_void) -> bool {
        let Some(index) = usize::try_from(index).ok().filter(|index| *index < MOST) else {
            return false;
        };
        let mut data = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if data.len() <= index {
            data.resize(index + 1, core::ptr::null_mut());
        }
        data[index] = value;
        true
    }

    pub(crate) fn get(&self, index: c_int) -> *mut c_void {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let data = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        data.get(index).copied().unwrap_or(core::ptr::null_mut())
    }

    /// Tells the program of a new object.
    pub(crate) fn made(&self, parent: *mut c_void, class: Class) {
        for number in numbers(class) {
            if let Some(new) = number.new {
                let (value, ad) = (self.get(number.index), core::ptr::null_mut());
                // SAFETY: the program's function for its arguments.
                unsafe { new(parent, value, ad, number.index, number.argl, number.argp) };
            }
        }
    }

    /// The data goes, and the object stays.
    pub(crate) fn forget(&self, parent: *mut c_void, class: Class) {
        let any = !self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty();
        if any {
            self.free(parent, class);
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clear();
        }
    }

    /// Tells the program that the object goes.
    pub(crate) fn free(&self, parent: *mut c_void, class: Class) {
        for number in numbers(class) {
            if let Some(free) = number.free {
                let (value, ad) = (self.get(number.index), core::ptr::null_mut());
                // SAFETY: as above.
                unsafe { free(parent, value, ad, number.index, number.argl, number.argp) };
            }
        }
    }
}
