use super::key_refusals::pkcs1;
use super::{data, engines, malformed};
use crate::pk::rsa_public::uint;
use crypto_bigint::ConcatenatingMul as _;
use rsa::BoxedUint;
use rsa::pkcs1::{RsaPrivateKeyRef, UintRef};
use rsa::pkcs8::PrivateKeyInfoRef;
use rsa::pkcs8::der::{Decode as _, Encode as _};
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};

/// The parts of rsa2048.pkcs1 after `change`, as a file.
fn changed(change: impl FnOnce(&mut RsaPrivateKeyRef<'static>)) -> Vec<u8> {
    let mut parts = RsaPrivateKeyRef::from_der(data!("rsa2048.pkcs1")).unwrap();
    change(&mut parts);
    parts.to_der().unwrap()
}

/// rsa2048 with its larger prime first, and with its smaller one first.
pub(super) fn both_orders() -> [Vec<u8>; 2] {
    use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _};
    let key = rsa::RsaPrivateKey::from_pkcs1_der(data!("rsa2048.pkcs1")).unwrap();
    let mut primes: Vec<_> = key.primes().iter().map(|p| p.as_ref().clone()).collect();
    primes.sort();
    [true, false].map(|reverse| {
        if reverse {
            primes.reverse();
        } else {
            primes.sort();
        }
        let (n, e, d) = (key.n().as_ref().clone(), key.e().clone(), key.d().clone());
        let ordered = rsa::RsaPrivateKey::from_components(n, e, d, primes.clone()).unwrap();
        ordered.to_pkcs1_der().unwrap().as_bytes().to_vec()
    })
}

#[test]
fn rsa_private_parts_belong_together() {
    let e3 = PrivateKeyInfoRef::from_der(data!("rsa-e3.p8")).unwrap();
    let e3 = RsaPrivateKeyRef::from_der(e3.private_key.as_bytes()).unwrap();
    let one = UintRef::new(&[1]).unwrap();
    let three = UintRef::new(&[3]).unwrap();
    for engine in engines() {
        assert!(pkcs1(&changed(|_| ()), engine).is_ok());
        let refused = |change: &dyn Fn(&mut RsaPrivateKeyRef<'static>), text: &str| {
            malformed(pkcs1(&changed(change), engine), text);
        };
        refused(&|k| k.modulus = e3.modulus, "not the modulus");
        refused(&|k| k.prime1 = e3.prime1, "not the modulus");
        refused(&|k| k.prime1 = k.prime2, "not the modulus");
        refused(
            &|k| k.private_exponent = e3.private_exponent,
            "RSA exponents",
        );
        refused(&|k| k.private_exponent = one, "RSA exponents");
        refused(&|k| k.public_exponent = three, "RSA exponents");
        refused(&|k| (k.prime1, k.prime2) = (one, k.modulus), "RSA prime");
        refused(&|k| k.exponent1 = k.exponent2, "CRT");
        refused(&|k| k.exponent2 = one, "CRT");
        refused(&|k| k.coefficient = one, "CRT");
        refused(&|k| core::mem::swap(&mut k.prime1, &mut k.prime2), "CRT");
    }
}

/// With numbers that no honest file has, parsing ends in an error, not in a panic.
#[test]
fn degenerate_rsa_private_parts_are_malformed() {
    let numbers: [&'static [u8]; 5] = [&[], &[1], &[2], &[3], &[0xff; 256]];
    let numbers = numbers.map(|bytes| UintRef::new(bytes).unwrap());
    for engine in engines() {
        for number in numbers {
            let prepared = [
                changed(|k| k.prime1 = number),
                changed(|k| k.prime2 = number),
                changed(|k| (k.prime1, k.prime2) = (number, number)),
                changed(|k| (k.prime1, k.prime2) = (number, k.modulus)),
                changed(|k| (k.prime1, k.prime2) = (k.modulus, number)),
                changed(|k| k.private_exponent = number),
                changed(|k| k.exponent1 = number),
                changed(|k| k.exponent2 = number),
                changed(|k| k.coefficient = number),
                changed(|k| k.public_exponent = number),
                changed(|k| k.modulus = number),
            ];
            for (at, der) in prepared.iter().enumerate() {
                let refused = pkcs1(der, engine);
                assert!(refused.is_err(), "{at} {:?}", number.as_bytes());
            }
        }
    }
}

/// The square of a prime passes every check of products and exponents.
#[test]
fn equal_rsa_primes_are_malformed() {
    let prime = RsaPrivateKeyRef::from_der(data!("rsa2048.pkcs1"))
        .unwrap()
        .prime1;
    let prime: BoxedUint = uint(prime.as_bytes()).unwrap();
    let square: &'static [u8] = Box::leak(prime.concatenating_mul(&prime).to_be_bytes());
    let der = changed(|k| {
        k.modulus = UintRef::new(square).unwrap();
        k.private_exponent = k.exponent1;
        k.prime2 = k.prime1;
        k.exponent2 = k.exponent1;
    });
    for engine in engines() {
        malformed(pkcs1(&der, engine), "primes are equal");
    }
}
