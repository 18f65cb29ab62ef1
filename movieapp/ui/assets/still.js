// Draws what stands in it, and again only when something of that changed: not whenever anything of the page does.
export default {
  template: "<drawn :parts='parts' />",
  inheritAttrs: false,
  components: {
    drawn: {
      props: { parts: Array },
      render() {
        return this.parts;
      },
    },
  },
  computed: {
    parts() {
      return this.$slots.default();
    },
  },
};
