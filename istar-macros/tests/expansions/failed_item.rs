// pub Slips<beta = 0.05> = dpo_pmr(beta) + rl(adv = traj + setp)

::core::compile_error! {
    "unknown loss term `dpo_pmr`\nhelp: did you mean `dpo_prm`?"
}
::core::compile_error! {
    "unknown signal `setp`\nhelp: did you mean `step`?"
}
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
pub struct Slips {
    ///Hyper-parameter `beta`, by default `0.05`.
    pub beta: ::core::primitive::f64,
}
#[automatically_derived]
impl ::core::default::Default for Slips {
    fn default() -> Self {
        Slips { beta: 0.05f64 }
    }
}
#[automatically_derived]
impl istar::__private::Objective for Slips {
    const NAME: &'static ::core::primitive::str = "Slips";
    const SOURCE: &'static ::core::primitive::str = "";
    const PARAMS: &'static [istar::__private::Param] = &[
        istar::__private::Param {
            name: "beta",
            default: ::core::option::Option::Some(0.05f64),
        },
    ];
    type Graph = istar::__private::Invalid;
    fn values(&self) -> istar::__private::Vec<::core::primitive::f64> {
        <[_]>::to_vec(&[self.beta])
    }
    fn from_values(__values: &[::core::primitive::f64]) -> Self {
        Slips { beta: __values[0] }
    }
}
#[automatically_derived]
impl istar::__private::serde::Serialize for Slips {
    fn serialize<S: istar::__private::serde::Serializer>(
        &self,
        __to: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        istar::__private::serialize(self, __to)
    }
}
#[automatically_derived]
impl<'de> istar::__private::serde::Deserialize<'de> for Slips {
    fn deserialize<D: istar::__private::serde::Deserializer<'de>>(
        __from: D,
    ) -> ::core::result::Result<Self, D::Error> {
        istar::__private::deserialize(__from)
    }
}
