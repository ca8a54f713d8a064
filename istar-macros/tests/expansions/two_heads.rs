// TwoHeads = rl(adv = gae(reward, 1, 0.9, value = value(high), per = segment) + gae(reward, 1, 0.9, value = value(low)))
// + critic(0.5, heads = (low, high))

#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
struct TwoHeads;
#[automatically_derived]
impl ::core::default::Default for TwoHeads {
    fn default() -> Self {
        TwoHeads {}
    }
}
#[automatically_derived]
impl istar::__private::Objective for TwoHeads {
    const NAME: &'static ::core::primitive::str = "TwoHeads";
    const SOURCE: &'static ::core::primitive::str = "rl(adv = gae(reward, 1, 0.9, value = value(high), per = segment) + gae(reward, 1, 0.9, value = value(low))) + critic(0.5, heads = (low, high))";
    const PARAMS: &'static [istar::__private::Param] = &[];
    type Graph = istar::__private::term::Sum<
        istar::__private::term::Rl<
            istar::__private::signal::Add<
                istar::__private::signal::Gae<
                    istar::__private::signal::Reward,
                    istar::__private::scalar::Dec<1, 0>,
                    istar::__private::scalar::Dec<9, 1>,
                    istar::__private::signal::Value<
                        1,
                        istar::__private::head::Named<
                            istar::__private::Text<
                                istar::__private::Cell<
                                    138787000059695485288536412679177240576,
                                    0,
                                    0,
                                    0,
                                    (),
                                >,
                                4,
                            >,
                        >,
                        istar::__private::level::Step,
                    >,
                    istar::__private::level::Segment,
                    istar::__private::level::Traj,
                    istar::__private::signal::Constant<
                        istar::__private::scalar::Dec<0, 0>,
                    >,
                    istar::__private::signal::Constant<
                        istar::__private::scalar::Dec<0, 0>,
                    >,
                >,
                istar::__private::signal::Gae<
                    istar::__private::signal::Reward,
                    istar::__private::scalar::Dec<1, 0>,
                    istar::__private::scalar::Dec<9, 1>,
                    istar::__private::signal::Value<
                        0,
                        istar::__private::head::Named<
                            istar::__private::Text<
                                istar::__private::Cell<
                                    144135382102811114689158497325723680768,
                                    0,
                                    0,
                                    0,
                                    (),
                                >,
                                3,
                            >,
                        >,
                        istar::__private::level::Step,
                    >,
                    istar::__private::count::Own,
                    istar::__private::level::Traj,
                    istar::__private::signal::Constant<
                        istar::__private::scalar::Dec<0, 0>,
                    >,
                    istar::__private::signal::Constant<
                        istar::__private::scalar::Dec<0, 0>,
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
        istar::__private::term::Critic<
            istar::__private::scalar::Dec<5, 1>,
            istar::__private::clip::Near<istar::__private::scalar::Dec<5, 1>>,
            istar::__private::level::Step,
            istar::__private::head::Head<
                istar::__private::head::Named<
                    istar::__private::Text<
                        istar::__private::Cell<
                            144135382102811114689158497325723680768,
                            0,
                            0,
                            0,
                            (),
                        >,
                        3,
                    >,
                >,
                istar::__private::signal::Gae<
                    istar::__private::signal::Reward,
                    istar::__private::scalar::Dec<1, 0>,
                    istar::__private::scalar::Dec<9, 1>,
                    istar::__private::signal::Value<
                        0,
                        istar::__private::head::Named<
                            istar::__private::Text<
                                istar::__private::Cell<
                                    144135382102811114689158497325723680768,
                                    0,
                                    0,
                                    0,
                                    (),
                                >,
                                3,
                            >,
                        >,
                        istar::__private::level::Step,
                    >,
                    istar::__private::count::Own,
                    istar::__private::level::Traj,
                    istar::__private::signal::Constant<
                        istar::__private::scalar::Dec<0, 0>,
                    >,
                    istar::__private::signal::Constant<
                        istar::__private::scalar::Dec<0, 0>,
                    >,
                >,
                istar::__private::head::Head<
                    istar::__private::head::Named<
                        istar::__private::Text<
                            istar::__private::Cell<
                                138787000059695485288536412679177240576,
                                0,
                                0,
                                0,
                                (),
                            >,
                            4,
                        >,
                    >,
                    istar::__private::signal::Gae<
                        istar::__private::signal::Reward,
                        istar::__private::scalar::Dec<1, 0>,
                        istar::__private::scalar::Dec<9, 1>,
                        istar::__private::signal::Value<
                            1,
                            istar::__private::head::Named<
                                istar::__private::Text<
                                    istar::__private::Cell<
                                        138787000059695485288536412679177240576,
                                        0,
                                        0,
                                        0,
                                        (),
                                    >,
                                    4,
                                >,
                            >,
                            istar::__private::level::Step,
                        >,
                        istar::__private::level::Segment,
                        istar::__private::level::Traj,
                        istar::__private::signal::Constant<
                            istar::__private::scalar::Dec<0, 0>,
                        >,
                        istar::__private::signal::Constant<
                            istar::__private::scalar::Dec<0, 0>,
                        >,
                    >,
                    istar::__private::head::End,
                >,
            >,
            istar::__private::count::Each<istar::__private::level::Token>,
        >,
    >;
    fn values(&self) -> istar::__private::Vec<::core::primitive::f64> {
        <[_]>::to_vec(&[])
    }
    fn from_values(_values: &[::core::primitive::f64]) -> Self {
        TwoHeads {}
    }
}
#[automatically_derived]
impl istar::__private::serde::Serialize for TwoHeads {
    fn serialize<S: istar::__private::serde::Serializer>(
        &self,
        __to: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        istar::__private::serialize(self, __to)
    }
}
#[automatically_derived]
impl<'de> istar::__private::serde::Deserialize<'de> for TwoHeads {
    fn deserialize<D: istar::__private::serde::Deserializer<'de>>(
        __from: D,
    ) -> ::core::result::Result<Self, D::Error> {
        istar::__private::deserialize(__from)
    }
}
