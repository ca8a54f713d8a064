// < kl(beta) + rl(adv = traj + my::Signal(lambda, reward)) >

const IN_PLACE: () = <istar::__private::Quote<
    istar::__private::term::Sum<
        istar::__private::term::Kl<
            istar::__private::scalar::Hp<0>,
            istar::__private::reference::Init,
            istar::__private::estimator::K3,
            istar::__private::gradient::Same,
            istar::__private::count::Each<istar::__private::level::Token>,
            istar::__private::empty::Skip,
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
                my::Signal<
                    istar::__private::scalar::Hp<1>,
                    istar::__private::signal::Reward,
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
    >,
    istar::__private::Text<
        istar::__private::Cell<
            130791126014410584688316817200250628194,
            134856304661908417816039348605693213984,
            154784345154795649590229389046941445729,
            143766513638334080472809890621862015588,
            istar::__private::Cell<54711231998381478721825839820992151552, 0, 0, 0, ()>,
        >,
        66,
    >,
    2,
> as istar::__private::InPlace>::Objective;
