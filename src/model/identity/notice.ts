import type { Notice } from '../../core/table.js';
import { countOf, sayCount, type Text } from '../../core/text.js';
import type { Identity } from './persons.js';

/** What a reader of KPIs must know of persons: how many were joined, by what, and what was not used for it. */
export function personsNotice(identity: Identity): Notice[] {
  const { persons, sharedByManyCount } = identity;
  if (persons === 0 && sharedByManyCount === 0) return [];
  const found = [
    ...(persons > 0 ? [joined(identity)] : []),
    ...(sharedByManyCount > 0 ? [notUsed(identity)] : []),
  ];
  const parts = [
    ...(persons > 0 ? [joined(identity)] : []),
    ...phoneCountry(identity),
    ...(sharedByManyCount > 0 ? [notUsed(identity)] : []),
    {
      en: 'retain people lists them and shows the effect on the KPIs; --no-identity turns it off.',
      ru: 'retain people покажет их список и влияние на показатели; --no-identity отключает объединение.',
    },
  ];
  return [{ code: 'persons', level: 'info', text: inTurn(parts), inReport: inTurn(found) }];
}

function inTurn(sentences: readonly Text[]): Text {
  return { en: sentences.map(({ en }) => en).join(' '), ru: sentences.map(({ ru }) => ru).join(' ') };
}

function joined({ joinedIds, joinedGuests, persons, ...by }: Identity): Text {
  const [ids, guests, people] = [sayCount(joinedIds), sayCount(joinedGuests), sayCount(persons)];
  const kinds: (readonly [count: number, en: string, ru: string])[] = [
    [by.byEmail, 'by e-mail', 'по почте'],
    [by.byPhone, 'by phone', 'по телефону'],
    [by.byBoth, 'by both', 'по тому и другому'],
    [by.byPersonId, 'by person id', 'по коду лица'],
  ];
  const told = (language: 'en' | 'ru') =>
    kinds
      .filter(([count]) => count > 0)
      .map(([count, en, ru]) =>
        language === 'en' ? `${sayCount(count).en} ${en}` : `${ru} ${sayCount(count).ru}`,
      )
      .join(', ');
  return {
    en: `${countOf(joinedIds, 'customer id')}${joinedGuests > 0 ? ` and ${countOf(joinedGuests, 'guest')}` : ''} stand for ${countOf(persons, 'person')}, as they share contacts (${told('en')}).`,
    ru: `Общие контакты показывают, что за ${ids.ru} кодами клиентов${joinedGuests > 0 ? ` и ${guests.ru} гостями` : ''} стоят ${people.ru} человек (${told('ru')}).`,
  };
}

function phoneCountry({ country }: Identity): Text[] {
  if (!country.matters || country.origin === 'given') return [];
  if (country.country === null) {
    return [
      {
        en: 'Phones without a + are not used, because the data do not tell their country: --country CC does.',
        ru: 'Телефоны без + не используются, так как страна по данным не видна: её задаёт --country CC.',
      },
    ];
  }
  return [
    {
      en: `Phones without a + are read as numbers of ${country.country}, as most of them are valid there (--country).`,
      ru: `Телефоны без + прочитаны как номера страны ${country.country}: большинство из них там верны (--country).`,
    },
  ];
}

function notUsed({ sharedByMany, sharedByManyCount, sharedLimit }: Identity): Text {
  const list = (language: 'en' | 'ru') =>
    sharedByMany.map(({ value, customers }) => `${value} (${sayCount(customers)[language]})`).join(', ') +
    (sharedByManyCount > sharedByMany.length ? ', ...' : '');
  return {
    en: `${sayCount(sharedByManyCount).en} e-mails and phones belong to more than ${sharedLimit} customers each and join nobody: ${list('en')}.`,
    ru: `Адресов и телефонов, которые есть больше чем у ${sharedLimit} клиентов: ${sayCount(sharedByManyCount).ru}; они никого не объединяют: ${list('ru')}.`,
  };
}
