//! The stemmer of M. F. Porter (An algorithm for suffix stripping, Program 14(3), 1980) with the author's two later
//! departures, `bli` and `logi`, as Lucene has it. It is not his "English" of 2001, which libraries call Porter 2.

/// The stem of a word in lower case. What has two letters or fewer stays as it is.
///
/// ```
/// use istar::env::webshop::stem;
///
/// assert_eq!(["ponies", "hopping", "relational", "sky"].map(stem), ["poni", "hop", "relat", "sky"]);
/// ```
#[must_use]
pub fn stem(word: &str) -> String {
    let mut word = Word(word.chars().collect());
    if word.0.len() > 2 {
        word.plural();
        word.past();
        word.final_y();
        word.replace(&DOUBLE);
        word.replace(&SINGLE);
        word.strip();
        word.final_e();
    }
    word.0.into_iter().collect()
}

/// Suffixes by twos, each with what it becomes behind a stem of measure above 0. The first that fits is the one, so a longer
/// one stands before its own end.
const DOUBLE: [(&str, &str); 21] = [
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
    ("logi", "log"),
];

/// The same for what is left then.
const SINGLE: [(&str, &str); 7] = [
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
];

/// What falls off behind a stem of measure above 1; `ion` only behind `s` or `t`.
const LAST: [&str; 19] = [
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism",
    "ate", "iti", "ous", "ive", "ize",
];

/// A word on its way to the stem.
struct Word(Vec<char>);

impl Word {
    fn ends(&self, suffix: &str) -> bool {
        let (word, suffix) = (self.0.iter().rev(), suffix.chars().rev());
        self.0.len() >= suffix.clone().count() && suffix.zip(word).all(|(a, b)| a == *b)
    }

    /// Length of what stands before the suffix, if the word has it.
    fn before(&self, suffix: &str) -> Option<usize> {
        self.ends(suffix).then(|| self.0.len() - suffix.chars().count())
    }

    fn set(&mut self, stem: usize, suffix: &str) {
        self.0.truncate(stem);
        self.0.extend(suffix.chars());
    }

    fn is_consonant(&self, i: usize) -> bool {
        match self.0[i] {
            'a' | 'e' | 'i' | 'o' | 'u' => false,
            'y' => i == 0 || !self.is_consonant(i - 1),
            _ => true,
        }
    }

    /// How many times a vowel is followed by a consonant in the first `end` letters: the measure.
    fn measure(&self, end: usize) -> usize {
        (1..end).filter(|i| self.is_consonant(*i) && !self.is_consonant(i - 1)).count()
    }

    fn has_vowel(&self, end: usize) -> bool {
        (0..end).any(|i| !self.is_consonant(i))
    }

    /// The first `end` letters end with a double consonant.
    fn is_doubled(&self, end: usize) -> bool {
        end > 1 && self.0[end - 1] == self.0[end - 2] && self.is_consonant(end - 1)
    }

    /// The first `end` letters end with consonant, vowel, consonant, the last not `w`, `x` or `y`: short words that lost an `e`.
    fn is_short(&self, end: usize) -> bool {
        end > 2
            && self.is_consonant(end - 1)
            && !self.is_consonant(end - 2)
            && self.is_consonant(end - 3)
            && !matches!(self.0[end - 1], 'w' | 'x' | 'y')
    }

    fn plural(&mut self) {
        if self.ends("sses") {
            self.0.truncate(self.0.len() - 2);
        } else if let Some(stem) = self.before("ies") {
            self.set(stem, "i");
        } else if self.ends("s") && !self.ends("ss") {
            self.0.pop();
        }
    }

    fn past(&mut self) {
        if let Some(stem) = self.before("eed") {
            if self.measure(stem) > 0 {
                self.0.pop();
            }
            return;
        }
        let Some(stem) =
            self.before("ed").or_else(|| self.before("ing")).filter(|stem| self.has_vowel(*stem))
        else {
            return;
        };
        self.0.truncate(stem);
        if ["at", "bl", "iz"].iter().any(|end| self.ends(end)) {
            self.0.push('e');
        } else if self.is_doubled(stem) {
            if !matches!(self.0[stem - 1], 'l' | 's' | 'z') {
                self.0.pop();
            }
        } else if self.measure(stem) == 1 && self.is_short(stem) {
            self.0.push('e');
        }
    }

    fn final_y(&mut self) {
        if let Some(stem) = self.before("y").filter(|stem| self.has_vowel(*stem)) {
            self.set(stem, "i");
        }
    }

    fn replace(&mut self, table: &[(&str, &str)]) {
        let found = table.iter().find_map(|(suffix, other)| Some((self.before(suffix)?, other)));
        if let Some((stem, other)) = found.filter(|(stem, _)| self.measure(*stem) > 0) {
            self.set(stem, other);
        }
    }

    fn strip(&mut self) {
        let fits = |suffix: &&str| {
            let stem = self.before(suffix)?;
            (*suffix != "ion" || stem > 0 && matches!(self.0[stem - 1], 's' | 't')).then_some(stem)
        };
        if let Some(stem) = LAST.iter().find_map(fits).filter(|stem| self.measure(*stem) > 1) {
            self.0.truncate(stem);
        }
    }

    fn final_e(&mut self) {
        if let Some(stem) = self.before("e") {
            let measure = self.measure(stem);
            if measure > 1 || measure == 1 && !self.is_short(stem) {
                self.0.pop();
            }
        }
        let end = self.0.len();
        if self.ends("l") && self.is_doubled(end) && self.measure(end) > 1 {
            self.0.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Examples of the paper, rule by rule, and of the two departures.
    #[test]
    fn stems_are_those_of_the_paper() {
        let pairs = "caresses caress ponies poni ties ti cats cat feed feed agreed agre plastered plaster motoring motor sing sing \
            conflated conflat troubled troubl sized size hopping hop tanned tan falling fall hissing hiss fizzed fizz failing \
            fail filing file happy happi sky sky relational relat conditional condit rational ration valenci valenc digitizer \
            digit radicalli radic vileli vile analogousli analog vietnamization vietnam predication predic operator oper \
            feudalism feudal decisiveness decis hopefulness hope callousness callous formaliti formal sensitiviti sensit \
            sensibiliti sensibl triplicate triplic formative form formalize formal electriciti electr hopeful hope goodness good \
            revival reviv allowance allow inference infer airliner airlin gyroscopic gyroscop adjustable adjust irritant irrit \
            replacement replac adjustment adjust dependent depend adoption adopt homologou homolog effective effect bowdlerize \
            bowdler probate probat rate rate cease ceas controll control roll roll possibly possibl psychology psycholog biology biologi as as";
        let words: Vec<&str> = pairs.split_whitespace().collect();
        for pair in words.chunks_exact(2) {
            assert_eq!(stem(pair[0]), pair[1]);
        }
    }

    proptest! {
        #[test]
        fn a_stem_is_no_longer_than_its_word(word in "[a-zé2'☂]{0,12}|(ed|ing|ion|s|y|e|ll|eed|at){1,5}") {
            prop_assert!(stem(&word).chars().count() <= word.chars().count().max(3));
        }
    }
}
