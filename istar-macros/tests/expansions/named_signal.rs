// Shaped<cost> = rl(adv = norm(r, count = step) + to_go(r, 0.9)) where r = reward - cost * invalid

#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
struct Shaped {
    ///Hyper-parameter `cost`.
    pub cost: ::core::primitive::f64,
}
#[automatically_derived]
impl istar::__private::Objective for Shaped {
    const NAME: &'static ::core::primitive::str = "Shaped";
    const SOURCE: &'static ::core::primitive::str = "rl(adv = norm(r, count = step) + to_go(r, 0.9)) where r = reward - cost * invalid";
    const PARAMS: &'static [istar::__private::Param] = &[
        istar::__private::Param {
            name: "cost",
            default: ::core::option::Option::None,
        },
    ];
    type Graph = istar::__private::term::Rl<
        istar::__private::signal::Add<
            istar::__private::signal::Norm<
                istar::__private::signal::Sub<
                    istar::__private::signal::Reward,
                    istar::__private::signal::Scale<
                        istar::__private::scalar::Hp<0>,
                        istar::__private::signal::Invalid,
                    >,
                >,
                istar::__private::within::Prompt,
                istar::__private::center::Mean,
                istar::__private::scale::Std,
                istar::__private::count::Each<istar::__private::level::Step>,
                istar::__private::signal::Everywhere,
                istar::__private::least::Entries<istar::__private::scalar::Dec<2, 0>>,
                istar::__private::scalar::Dec<1, 0>,
                istar::__private::scalar::Dec<1, 6>,
                istar::__private::within::Same,
            >,
            istar::__private::signal::ToGo<
                istar::__private::signal::Sub<
                    istar::__private::signal::Reward,
                    istar::__private::signal::Scale<
                        istar::__private::scalar::Hp<0>,
                        istar::__private::signal::Invalid,
                    >,
                >,
                istar::__private::scalar::Dec<9, 1>,
                istar::__private::level::Traj,
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
    >;
    fn values(&self) -> istar::__private::Vec<::core::primitive::f64> {
        <[_]>::to_vec(&[self.cost])
    }
    fn from_values(__values: &[::core::primitive::f64]) -> Self {
        Shaped { cost: __values[0] }
    }
}
#[automatically_derived]
impl istar::__private::serde::Serialize for Shaped {
    fn serialize<S: istar::__private::serde::Serializer>(
        &self,
        __to: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        istar::__private::serialize(self, __to)
    }
}
#[automatically_derived]
impl<'de> istar::__private::serde::Deserialize<'de> for Shaped {
    fn deserialize<D: istar::__private::serde::Deserializer<'de>>(
        __from: D,
    ) -> ::core::result::Result<Self, D::Error> {
        istar::__private::deserialize(__from)
    }
}
