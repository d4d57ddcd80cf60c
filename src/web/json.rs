//! What the lab shows, as JSON.
//!
//! The library's writer can fail and can write every number there is: in each module of the page, that costs more bytes
//! than a bug. This one writes to memory, and only what a snapshot is made of.

use core::fmt::{self, Write};

use serde::Serialize;
use serde::ser::{self, Impossible, Serializer};

/// A value as JSON. A number that is not whole is written to the thousandth, which no screen can show.
///
/// # Panics
///
/// When it has something in it that no snapshot has: a map, bytes, or a variant with fields and no tag.
pub(super) fn json(value: &impl Serialize) -> String {
    let mut text = String::new();
    let Ok(()) = value.serialize(Writer { text: &mut text });
    text
}

struct Writer<'a> {
    text: &'a mut String,
}

/// Memory takes everything.
#[derive(Debug)]
enum Never {}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl core::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: fmt::Display>(_: T) -> Self {
        unreachable!("what is shown can be written")
    }
}

impl Writer<'_> {
    fn put(self, text: &str) -> Result<(), Never> {
        self.text.push_str(text);
        Ok(())
    }

    fn display(self, value: impl fmt::Display) -> Result<(), Never> {
        write!(self.text, "{value}").expect("memory takes everything");
        Ok(())
    }

    /// Writes thousandths, without the zeros at their end.
    fn thousandths(self, thousandths: i64) -> Result<(), Never> {
        let sign = if thousandths < 0 { "-" } else { "" };
        let (whole, rest) = (thousandths.unsigned_abs() / 1000, thousandths.unsigned_abs() % 1000);
        let digits = format_args!("{sign}{whole}.{rest:03}").to_string();
        self.put(digits.trim_end_matches('0').trim_end_matches('.'))
    }

    fn quoted(self, text: &str) -> Result<(), Never> {
        self.text.push('"');
        for letter in text.chars() {
            match letter {
                '"' | '\\' => self.text.extend(['\\', letter]),
                '\n' => self.text.push_str("\\n"),
                control if control < ' ' => {
                    write!(self.text, "\\u{:04x}", u32::from(control)).expect("memory takes everything");
                }
                letter => self.text.push(letter),
            }
        }
        self.put("\"")
    }
}

/// A list or an object under way.
struct Items<'a> {
    text: &'a mut String,
    end: char,
    is_first: bool,
}

impl Items<'_> {
    fn next(&mut self) -> Writer<'_> {
        if !core::mem::take(&mut self.is_first) {
            self.text.push(',');
        }
        Writer { text: self.text }
    }
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Never> {
        self.text.push(self.end);
        Ok(())
    }
}

impl ser::SerializeStruct for Items<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Never> {
        let Ok(()) = self.next().quoted(key);
        self.text.push(':');
        value.serialize(Writer { text: self.text })
    }

    fn end(self) -> Result<(), Never> {
        self.text.push(self.end);
        Ok(())
    }
}

/// What no snapshot has.
fn never<T>() -> Result<T, Never> {
    unreachable!("a snapshot is made of structs, lists, texts, numbers and plain variants")
}

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Impossible<(), Never>;
    type SerializeTupleVariant = Impossible<(), Never>;
    type SerializeMap = Impossible<(), Never>;
    type SerializeStruct = Items<'a>;
    type SerializeStructVariant = Impossible<(), Never>;

    fn serialize_bool(self, value: bool) -> Result<(), Never> {
        self.put(if value { "true" } else { "false" })
    }

    fn serialize_i8(self, value: i8) -> Result<(), Never> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Never> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Never> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Never> {
        self.display(value)
    }

    fn serialize_u8(self, value: u8) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Never> {
        self.display(value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), Never> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Never> {
        self.thousandths((value * 1000.0).round() as i64)
    }

    fn serialize_char(self, value: char) -> Result<(), Never> {
        self.quoted(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Never> {
        self.quoted(value)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Never> {
        never()
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.put("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        self.put("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        self.put("null")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Never> {
        self.quoted(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Never> {
        never()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, Never> {
        self.text.push('[');
        Ok(Items { text: self.text, end: ']', is_first: true })
    }

    fn serialize_tuple(self, length: usize) -> Result<Items<'a>, Never> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Impossible<(), Never>, Never> {
        never()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Never>, Never> {
        never()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Impossible<(), Never>, Never> {
        never()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, Never> {
        self.text.push('{');
        Ok(Items { text: self.text, end: '}', is_first: true })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Never>, Never> {
        never()
    }
}

impl ser::SerializeTuple for Items<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), Never> {
        ser::SerializeSeq::end(self)
    }
}
