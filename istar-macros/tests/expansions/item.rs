// /// Outcome against the group, and an implicit step reward beside it.
// pub IStar<beta = 0.05, lambda = 1.0> = dpo_prm(beta) + rl(adv = traj + lambda * step)

/// Outcome against the group, and an implicit step reward beside it.
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
pub struct IStar {
    ///Hyper-parameter `beta`, by default `0.05`.
    pub beta: ::core::primitive::f64,
    ///Hyper-parameter `lambda`, by default `1.0`.
    pub lambda: ::core::primitive::f64,
}
#[automatically_derived]
impl ::core::default::Default for IStar {
    fn default() -> Self {
        IStar {
            beta: 0.05f64,
            lambda: 1f64,
        }
    }
}
#[automatically_derived]
impl istar::__private::Objective for IStar {
    const NAME: &'static ::core::primitive::str = "IStar";
    const SOURCE: &'static ::core::primitive::str = "dpo_prm(beta) + rl(adv = traj + lambda * step)";
    const PARAMS: &'static [istar::__private::Param] = &[
        istar::__private::Param {
            name: "beta",
            default: ::core::option::Option::Some(0.05f64),
        },
        istar::__private::Param {
            name: "lambda",
            default: ::core::option::Option::Some(1f64),
        },
    ];
    type Graph = istar::__private::term::Sum<
        istar::__private::term::DpoPrm<
            istar::__private::scalar::Hp<0>,
            istar::__private::net::Shared,
            istar::__private::reference::Init,
            istar::__private::pairs::TopBottom<istar::__private::pairs::Half>,
            istar::__private::over::Sum,
            istar::__private::weight::Flat,
            istar::__private::read::After,
            istar::__private::link::Sigmoid<
                istar::__private::scalar::Dec<0, 0>,
                istar::__private::scalar::Dec<0, 0>,
            >,
        >,
        istar::__private::term::Rl<
            istar::__private::signal::Add<
                istar::__private::sugar::Traj<
                    istar::__private::within::Prompt,
                    istar::__private::center::Mean,
                    istar::__private::scale::Std,
                    istar::__private::count::Own,
                    istar::__private::signal::Everywhere,
                    istar::__private::least::Entries<
                        istar::__private::scalar::Dec<2, 0>,
                    >,
                    istar::__private::scalar::Dec<1, 0>,
                    istar::__private::scalar::Dec<1, 6>,
                    istar::__private::within::Same,
                >,
                istar::__private::signal::Scale<
                    istar::__private::scalar::Hp<1>,
                    istar::__private::sugar::Step<
                        istar::__private::scalar::Hp<0>,
                        istar::__private::reference::Init,
                        istar::__private::within::Prompt,
                        istar::__private::center::Mean,
                        istar::__private::scale::Std,
                        istar::__private::count::Own,
                        istar::__private::signal::Everywhere,
                        istar::__private::least::Entries<
                            istar::__private::scalar::Dec<2, 0>,
                        >,
                        istar::__private::scalar::Dec<1, 0>,
                        istar::__private::scalar::Dec<1, 6>,
                        istar::__private::within::Same,
                    >,
                >,
            >,
            istar::__private::clip::Band<
                istar::__private::scalar::Dec<2, 1>,
                istar::__private::scalar::Dec<2, 1>,
            >,
            istar::__private::count::Each<istar::__private::level::Token>,
            istar::__private::count::Each<istar::__private::level::Token>,
            istar::__private::dual::Off,
            istar::__private::groups::All,
            istar::__private::signal::Everywhere,
            istar::__private::shape::Clip,
            istar::__private::empty::Skip,
        >,
    >;
    fn values(&self) -> istar::__private::Vec<::core::primitive::f64> {
        <[_]>::to_vec(&[self.beta, self.lambda])
    }
    fn from_values(__values: &[::core::primitive::f64]) -> Self {
        IStar {
            beta: __values[0],
            lambda: __values[1],
        }
    }
}
#[automatically_derived]
impl istar::__private::serde::Serialize for IStar {
    fn serialize<S: istar::__private::serde::Serializer>(
        &self,
        __to: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        istar::__private::serialize(self, __to)
    }
}
#[automatically_derived]
impl<'de> istar::__private::serde::Deserialize<'de> for IStar {
    fn deserialize<D: istar::__private::serde::Deserializer<'de>>(
        __from: D,
    ) -> ::core::result::Result<Self, D::Error> {
        istar::__private::deserialize(__from)
    }
}
