//! What networks that read tokens need besides.

mod attention;
mod chosen;
mod embed;
mod feed;
mod linear;
mod norm;
mod rotary;

use crate::batch::Legal;
use crate::kernels::{Column, Heads, Rows, Text};
use dfdx::prelude::*;

impl Text for Cuda {
    fn embed<T: Tape<f32, Self>>(table: Rows<Self, T>, rows: &[u32]) -> Rows<Self, T> {
        embed::rows_of(table, rows)
    }

    fn norm<T: Tape<f32, Self>>(
        x: Rows<Self, T>,
        gain: &Column<Self>,
        bias: Option<&Column<Self>>,
        eps: f32,
    ) -> Rows<Self, T> {
        norm::normed(x, gain, bias, eps)
    }

    fn norm_linear<T: Tape<f32, Self>, const N: usize>(
        x: Rows<Self, T>,
        gain: &Column<Self>,
        bias: Option<&Column<Self>>,
        eps: f32,
        maps: [&Rows<Self>; N],
    ) -> [Rows<Self, T>; N] {
        norm::normed_linear(x, gain, bias, eps, maps)
    }

    fn add_linear<T: Tape<f32, Self>>(
        onto: Rows<Self, T>,
        x: Rows<Self, T>,
        w: &Rows<Self>,
    ) -> Rows<Self, T> {
        linear::added(onto, x, w)
    }

    fn rotate<T: Tape<f32, Self>>(
        x: Rows<Self, T>,
        positions: &[u32],
        head: usize,
        base: f64,
    ) -> Rows<Self, T> {
        rotary::rotated(x, positions, head, base)
    }

    fn attention<T: Tape<f32, Self>>(
        q: Rows<Self, T>,
        k: Rows<Self, T>,
        v: Rows<Self, T>,
        lengths: &[usize],
        heads: Heads,
    ) -> Rows<Self, T> {
        attention::attended(q, k, v, lengths, heads)
    }

    fn swiglu<T: Tape<f32, Self>>(gate: Rows<Self, T>, up: Rows<Self, T>) -> Rows<Self, T> {
        feed::swiglu(gate, up)
    }

    fn gelu<T: Tape<f32, Self>>(x: Rows<Self, T>) -> Rows<Self, T> {
        feed::gelu(x)
    }

    fn chosen<T: Tape<f32, Self>>(
        hidden: Rows<Self, T>,
        table: &Rows<Self>,
        legal: &[Legal],
        picks: (&[u32], &[u32]),
        entropy: bool,
    ) -> (Column<Self>, Option<Column<Self>>, T) {
        chosen::chosen(hidden, table, legal, picks, entropy)
    }
}
