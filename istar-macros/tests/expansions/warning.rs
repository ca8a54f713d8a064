// #[allow(deprecated)] pub Unread = dpo_prm(0.05) + rl(adv = traj)

#[allow(deprecated)]
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
pub struct Unread;
#[automatically_derived]
impl ::core::default::Default for Unread {
    fn default() -> Self {
        Unread {}
    }
}
#[allow(deprecated)]
const _: () = {
    #[deprecated(
        note = "`dpo_prm` trains a PRM that no signal reads\nhelp: read it in the advantage, `rl(adv = traj + step)`, or remove the term"
    )]
    #[allow(non_upper_case_globals)]
    const prm_is_not_read: () = ();
    prm_is_not_read
};
#[automatically_derived]
impl istar::__private::Objective for Unread {
    const NAME: &'static ::core::primitive::str = "Unread";
    const SOURCE: &'static ::core::primitive::str = "dpo_prm(0.05) + rl(adv = traj)";
    const PARAMS: &'static [istar::__private::Param] = &[];
    type Graph = istar::__private::term::Sum<
        istar::__private::term::DpoPrm<
            istar::__private::scalar::Dec<5, 2>,
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
            istar::__private::sugar::Traj<
                istar::__private::within::Prompt,
                istar::__private::center::Mean,
                istar::__private::scale::Std,
                istar::__private::count::Own,
                istar::__private::signal::Everywhere,
                istar::__private::least::Entries<istar::__private::scalar::Dec<2, 0>>,
                istar::__private::scalar::Dec<1, 0>,
                istar::__private::scalar::Dec<1, 6>,
                istar::__private::within::Same,
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
        <[_]>::to_vec(&[])
    }
    fn from_values(_values: &[::core::primitive::f64]) -> Self {
        Unread {}
    }
}
#[automatically_derived]
impl istar::__private::serde::Serialize for Unread {
    fn serialize<S: istar::__private::serde::Serializer>(
        &self,
        __to: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        istar::__private::serialize(self, __to)
    }
}
#[automatically_derived]
impl<'de> istar::__private::serde::Deserialize<'de> for Unread {
    fn deserialize<D: istar::__private::serde::Deserializer<'de>>(
        __from: D,
    ) -> ::core::result::Result<Self, D::Error> {
        istar::__private::deserialize(__from)
    }
}
