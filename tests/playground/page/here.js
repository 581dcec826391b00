// Who one is, where, and what is known of the world.

export const here = { person: "", channel: "", world: null, messages: new Map(), open: new Map() };

export const channels = () => here.world.guilds.flatMap((guild) => guild.channels);

export const channelOf = (id) => channels().find((channel) => channel.id === id);

export const guildHere = () =>
  here.world.guilds.find((guild) => guild.channels.some((one) => one.id === here.channel));

export const isDirect = () => here.channel === here.world.direct;

// Those who can be named where one is.
export function members() {
  const guild = guildHere();
  const self = here.world.people.find((one) => one.id === here.person);
  return guild ? guild.members : [here.world.bot, self];
}

export function userOf(id) {
  const known = [here.world.bot, ...here.world.people];
  return known.find((user) => user.id === id);
}

export const roleOf = (id) => here.world.guilds.flatMap((guild) => guild.roles).find((r) => r.id === id);
