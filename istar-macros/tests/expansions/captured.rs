// rl(adv = traj + lambda * anchor(0.95))

const IN_PLACE: () = {
    struct __Captured<G>(
        [::core::primitive::f64; 1],
        ::core::marker::PhantomData<fn() -> G>,
    );
    #[automatically_derived]
    impl<G> ::core::clone::Clone for __Captured<G> {
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl<G> ::core::marker::Copy for __Captured<G> {}
    #[automatically_derived]
    impl<G> ::core::fmt::Debug for __Captured<G> {
        fn fmt(&self, __values: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Debug::fmt(&self.0, __values)
        }
    }
    #[automatically_derived]
    impl<G: istar::__private::Term> istar::__private::Objective for __Captured<G> {
        const NAME: &'static ::core::primitive::str = "objective";
        const SOURCE: &'static ::core::primitive::str = "rl(adv = traj + lambda * anchor(0.95))";
        const PARAMS: &'static [istar::__private::Param] = &[
            istar::__private::Param {
                name: "lambda",
                default: ::core::option::Option::None,
            },
        ];
        type Graph = G;
        fn values(&self) -> istar::__private::Vec<::core::primitive::f64> {
            <[_]>::to_vec(&self.0)
        }
        fn from_values(__values: &[::core::primitive::f64]) -> Self {
            __Captured(
                ::core::array::from_fn(|__index| __values[__index]),
                ::core::marker::PhantomData,
            )
        }
    }
    __Captured::<
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
                    istar::__private::scalar::Hp<0>,
                    istar::__private::sugar::Anchor<
                        istar::__private::scalar::Dec<95, 2>,
                        istar::__private::within::State,
                        istar::__private::center::Mean,
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
    >(
        [<::core::primitive::f64 as ::core::convert::From<_>>::from(lambda)],
        ::core::marker::PhantomData,
    )
};
