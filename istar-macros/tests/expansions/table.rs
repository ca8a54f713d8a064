// pub Credit {
// "GRPO" = Grpo,
// "half" = crate::IStar { lambda: 0.5, ..crate::IStar::default() },
// "RLOO" = rl(adv = loo),
// }

#[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
pub struct Credit;
#[automatically_derived]
impl<__E: istar::__private::env::Env> istar::__private::table::Ablation<__E> for Credit
where
    __E: istar::__private::env::Offers<Grpo>,
    __E: istar::__private::env::Offers<crate::IStar>,
    __E: istar::__private::env::Offers<
        istar::__private::Quote<
            istar::__private::term::Rl<
                istar::__private::sugar::Loo<
                    istar::__private::within::Prompt,
                    istar::__private::center::Loo,
                    istar::__private::scale::None,
                    istar::__private::count::Own,
                    istar::__private::signal::Everywhere,
                    istar::__private::least::Entries<
                        istar::__private::scalar::Dec<2, 0>,
                    >,
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
            istar::__private::Text<
                istar::__private::Cell<
                    152093578592809387317537241209270960128,
                    0,
                    0,
                    0,
                    (),
                >,
                13,
            >,
            0,
        >,
    >,
{
    const NAME: &'static ::core::primitive::str = "Credit";
    fn rows<__V: istar::__private::table::Visitor<__E>>(__visitor: &mut __V) {
        __visitor.row("GRPO", <Grpo as ::core::default::Default>::default());
        __visitor
            .row(
                "half",
                crate::IStar {
                    lambda: 0.5,
                    ..crate::IStar::default()
                },
            );
        __visitor
            .row(
                "RLOO",
                <istar::__private::Quote<
                    istar::__private::term::Rl<
                        istar::__private::sugar::Loo<
                            istar::__private::within::Prompt,
                            istar::__private::center::Loo,
                            istar::__private::scale::None,
                            istar::__private::count::Own,
                            istar::__private::signal::Everywhere,
                            istar::__private::least::Entries<
                                istar::__private::scalar::Dec<2, 0>,
                            >,
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
                    istar::__private::Text<
                        istar::__private::Cell<
                            152093578592809387317537241209270960128,
                            0,
                            0,
                            0,
                            (),
                        >,
                        13,
                    >,
                    0,
                > as istar::__private::InPlace>::Objective,
            );
    }
}
